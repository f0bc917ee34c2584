/**
 * Whether `printed` is what a document shows. `…` stands for anything; blanks at the ends of lines, and empty lines
 * before and behind, do not count.
 */
export function isExpectedOutput(printed: string, shown: string): boolean {
  const pattern = tidy(shown)
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[^]*?');
  return new RegExp(`^${pattern}$`).test(tidy(printed));
}

function tidy(text: string): string {
  return text.replace(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '');
}
