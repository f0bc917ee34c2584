/** The version of this package, which is in the director's entry for its fleet. */
export const VERSION = '0.1.0';
