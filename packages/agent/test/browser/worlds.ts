/** Documents whose pages are looked at. */

function destinations(net: string, count: number, port: number, more: object = {}): Record<string, object> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${net}.${11 + index}:${port}`, { weight: 100, ...more }]),
  );
}

/** A small site with some of everything; all services have the same check. */
export function site(check: object) {
  return {
    services: {
      'tcp:192.0.2.10:443': {
        scheduler: 'mh',
        flags: ['mh-port'],
        check,
        destinations: destinations('10.0.1', 8, 443),
      },
      'tcp:192.0.2.10:80': { scheduler: 'wlc', check, destinations: destinations('10.0.1', 8, 80) },
      'udp:192.0.2.53:53': { scheduler: 'rr', check, destinations: destinations('10.0.2', 3, 53) },
      'tcp:192.0.2.25:25': { scheduler: 'wrr', check, destinations: destinations('10.0.3', 2, 25) },
      'tcp:[2001:db8::10]:443': {
        scheduler: 'wlc',
        check,
        destinations: { '[2001:db8:1::11]:443': { weight: 100 }, '[2001:db8:1::12]:443': { weight: 100 } },
      },
      'tcp:192.0.2.30:5432': { scheduler: 'sh', check, destinations: destinations('10.0.4', 3, 5432) },
      'fwmark:7': {
        scheduler: 'wlc',
        persistence: { timeout: 300 },
        check,
        destinations: destinations('10.0.5', 4, 0),
      },
    },
  };
}

/** The same with checks that the test decides. */
export const SITE = site({
  mine: {},
  interval: '1s',
  failingInterval: '500ms',
  timeout: '400ms',
  fall: 3,
  rise: 2,
});

/** Many destinations: services of a hundred. */
export function large(services: number, each: number): object {
  return {
    services: Object.fromEntries(
      Array.from({ length: services }, (_, index) => [
        `tcp:192.0.${2 + (index >> 8)}.${index & 255}:443`,
        { scheduler: 'wlc', destinations: destinations(`10.${1 + (index >> 8)}.${index & 255}`, each, 443) },
      ]),
    ),
  };
}
