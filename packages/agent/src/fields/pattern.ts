/** Whether `source` is a regular expression of JavaScript with Unicode rules. */
export function compiles(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}
