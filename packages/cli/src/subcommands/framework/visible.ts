/** Characters that a terminal interprets instead of displaying, or that change the display order of others. */

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text that is safe for a terminal: of control characters, only line ends stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** A line of text that is safe for a terminal, with control characters as `\x1b`, `\u202e`. */
export function visible(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Characters of a word of an error that are shown: a path, or what was typed, may have thousands. */
const MOST_SHOWN = 300;

/** Text with long words clipped. */
export function clippedWords(text: string): string {
  return text.replace(/\S{301,}/gu, (word) => `${word.slice(0, MOST_SHOWN)}… (${word.length} characters)`);
}
