/**
 * The environment of every program that is run. It has a fixed PATH and nothing of this process's environment, so the
 * caller's PATH has no effect.
 */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};
