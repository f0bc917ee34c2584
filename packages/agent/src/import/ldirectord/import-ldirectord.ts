import { argumentsOf } from '../../argument-checks.js';
import { documentOf } from '../document.js';
import type { Imported, ImportedService } from '../imported.js';
import { inOrder, Remarks } from '../remarks.js';
import type { TextFile } from '../text-file.js';
import { validServices } from '../valid.js';
import type { LookUp } from './endpoint.js';
import { type Section, sectionsOf } from './sections.js';
import { ServiceReader } from './service-reader.js';
import { remarkTaken, Settings } from './settings.js';

/** Options of reading a configuration of ldirectord. */
export interface LdirectordOptions {
  /** Looks up names of hosts and services; no name is known by default. */
  readonly lookUp?: LookUp;
}

/**
 * Makes a document of a configuration of ldirectord: services, destinations, checks and what happens when they fail.
 * Throws ERR_AGENT_IMPORT if the file is not text.
 */
export function importLdirectord(file: TextFile, options: LdirectordOptions = {}): Imported {
  argumentsOf.object('file', file, { path: 'text', text: 'text' });
  argumentsOf.object('options', options);
  const { lookUp = {} } = options;
  const remarks = new Remarks();
  const [global, ...sections] = sectionsOf(file, remarks);
  const globals = new Settings(global as Section);
  remarkTaken(global as Section, remarks);
  const services = new Map<string, ImportedService>();
  const readers = new Map<string, ServiceReader>();
  for (const section of sections) {
    remarkTaken(section, remarks);
    const reader = new ServiceReader(section, globals, lookUp, remarks);
    const read = reader.read();
    if (read === undefined) continue;
    const [name, service] = read;
    if (services.has(name)) reader.leaveOut(`${name} is there already, so ldirectord refuses the file`);
    else {
      services.set(name, service);
      readers.set(name, reader);
    }
  }
  const valid = validServices(services, (name, why) => readers.get(name)?.leaveOut(why));
  return { document: documentOf(valid, {}), remarks: inOrder(remarks.list), kept: undefined };
}
