/** The version of this package, which other directors of a fleet see. */
export const VERSION = '0.1.0';
