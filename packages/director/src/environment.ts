/**
 * The environment of every program that is run: nothing of this process's own, and a fixed place to find programs, so
 * that the caller's PATH decides nothing.
 */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};
