/** Look-ups of names that ask once for each name. */
import type { NameService } from '@ipvs-ts/netlink';

/** Remembers answers: rules may have the same name in each of 100 000 lines. */
export function rememberedNames(names: NameService): NameService {
  return {
    hostByName: remembered((name: string) => names.hostByName(name), String),
    hostByAddress: remembered((address: Uint8Array) => names.hostByAddress(address), String),
    serviceByName: remembered(
      (name: string, protocol: string) => names.serviceByName(name, protocol),
      (name, protocol) => `${protocol} ${name}`,
    ),
    serviceByPort: remembered(
      (port: number, protocol: string) => names.serviceByPort(port, protocol),
      (port, protocol) => `${protocol} ${port}`,
    ),
  };
}

function remembered<A extends unknown[], R>(
  ask: (...question: A) => R,
  keyOf: (...question: A) => string,
): (...question: A) => R {
  const answers = new Map<string, R>();
  return (...question) => {
    const key = keyOf(...question);
    if (!answers.has(key)) answers.set(key, ask(...question));
    return answers.get(key) as R;
  };
}
