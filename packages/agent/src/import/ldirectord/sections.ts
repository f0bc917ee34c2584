import type { Place, Remarks } from '../remarks.js';
import { linesOf, type TextFile } from '../text-file.js';
import { GLOBAL_KEYS, type Keys, VIRTUAL_KEYS } from './keys.js';

/** A line `key = value`. */
export interface Entry extends Place {
  readonly key: string;
  readonly value: string;
  /** As written. */
  readonly text: string;
}

/** A virtual service, or the global lines before and between them. */
export interface Section {
  /** The line that begins it; undefined for the global section. */
  readonly head: Entry | undefined;
  readonly entries: Entry[];
}

/** Reads the sections of a file, the global one first. Other lines get a remark. */
export function sectionsOf(file: TextFile, remarks: Remarks): readonly Section[] {
  const global: Section = { head: undefined, entries: [] };
  const sections = [global];
  let current = global;
  for (const [index, line] of linesOf(file).entries()) {
    const place = { file: file.path, line: index + 1 };
    const expanded = line.replace(/\t/g, '    ');
    const text = expanded.trim();
    if (text === '' || text.startsWith('#')) continue;
    const head = /^(virtual6?)\s*=\s*(.*)/.exec(expanded);
    if (head !== null) {
      const [, key = '', value = ''] = head;
      current = { head: { ...place, key, value: withoutComment(value), text }, entries: [] };
      sections.push(current);
      continue;
    }
    const indented = /^ +/.exec(expanded)?.[0].length ?? 0;
    // An indented line continues the virtual service; anything else is global.
    const section = indented > 0 ? current : global;
    if (indented === 0) current = global;
    if (indented > 0 && indented < 4)
      remarks.differs(
        place,
        `${text}: fewer than four blanks before it, so ldirectord refuses the file; here it is part of the service`,
      );
    readEntry(section, place, text, remarks);
  }
  return sections;
}

function readEntry(section: Section, place: Place, text: string, remarks: Remarks): void {
  const keys = section.head === undefined ? GLOBAL_KEYS : VIRTUAL_KEYS;
  const [, key = '', rest = ''] = /^(\w+)\s*=?\s*(.*)$/.exec(text) ?? [];
  if (!Object.hasOwn(keys, key)) {
    unknown(key === '' ? text : key, text, place, keys, remarks);
    return;
  }
  const { fate, about, form } = keys[key] as Keys[string];
  const value = withoutComment(rest);
  if (form !== undefined && !form.test(value)) {
    remarks.dropped(place, `${text}: the value is not allowed, so ldirectord refuses the file`);
    return;
  }
  if (fate === 'taken over') section.entries.push({ ...place, key, value, text });
  else remarks.add(place, fate, `${text}: ${about}`);
}

function unknown(key: string, text: string, place: Place, keys: Keys, remarks: Remarks): void {
  const close = remarks.meant(key, keys);
  const meant = close === undefined ? '' : `; it may mean ${close}`;
  remarks.dropped(place, `${text}: ldirectord does not know this here and refuses the file${meant}`);
}

function withoutComment(text: string): string {
  return text.replace(/#.*/, '').trim();
}
