/** A stand-in for the library: records its calls and returns preset answers. */
import type { Destination, IpvsSync, Service } from '@ipvs-ts/ipvs';
import type { IpvsadmIo } from '../../dist/index.js';

const NO_COUNTS = {
  stats: { connections: 0n, inPackets: 0n, outPackets: 0n, inBytes: 0n, outBytes: 0n },
  rates: { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 },
};

/** A service with nothing special. */
export function service(changes: object = {}): Service {
  const plain: Service = {
    key: '',
    family: 'ipv4',
    protocol: 'tcp',
    address: '10.0.0.1',
    port: 80,
    scheduler: 'wlc',
    flags: [],
    rawFlags: 2,
    onePacket: false,
    persistence: undefined,
    ...NO_COUNTS,
  };
  return Object.assign(plain, changes);
}

/** A destination with nothing special. */
export function destination(changes: Partial<Destination> = {}): Destination {
  return {
    key: '',
    family: 'ipv4',
    address: '10.0.0.2',
    port: 80,
    forwarding: 'route',
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: undefined,
    activeConnections: 0,
    inactiveConnections: 0,
    persistentConnections: 0,
    ...NO_COUNTS,
    ...changes,
  };
}

/** The result of a run. */
export interface Trial extends IpvsadmIo {
  out: string;
  err: string;
  readonly asked: unknown[][];
}

/** Calls that every run makes. */
const UNTOLD: ReadonlySet<string> = new Set(['info', 'close', 'bulkBatch', 'bulkListing']);

/** Streams that are kept and a library that answers from `answers`, by method name; functions are called. */
export function trial(
  answers: Readonly<Record<string, unknown>> = {},
  changes: Partial<IpvsadmIo> = {},
): Trial {
  const asked: unknown[][] = [];
  const known: Record<string, unknown> = {
    info: { version: '1.2.1', connectionTableSize: 4096 },
    services: [],
    // Restores that add nothing.
    bulkBatch: { size: 0, setPatterns: () => false },
    // Listings go the ordinary way.
    bulkListing: undefined,
    ...answers,
  };
  const answerOf = (method: string, values: readonly unknown[]): unknown => {
    const answer = known[method];
    return typeof answer === 'function'
      ? (answer as (...values: readonly unknown[]) => unknown)(...values)
      : answer;
  };
  const ipvs: unknown = new Proxy(
    {},
    {
      get: (_, method: string) => {
        if (method === 'openingInfo') return answerOf('info', []);
        return (...values: unknown[]): unknown => {
          if (!UNTOLD.has(method)) asked.push([method, ...values]);
          return answerOf(method, values);
        };
      },
    },
  );
  const result: Trial = {
    out: '',
    err: '',
    asked,
    programName: 'ipvs-ts',
    env: {},
    stdout: (text) => {
      result.out += text;
    },
    stderr: (text) => {
      result.err += text;
    },
    readStdin: () => '',
    readFile: () => {
      throw new Error('no such file');
    },
    open: () => ipvs as IpvsSync,
    loadModule: () => false,
    names: () => ({
      hostByName: (name) => (name === 'web.test' ? '10.0.0.1' : undefined),
      hostByAddress: (address) => (address.at(-1) === 1 ? 'web.test' : undefined),
      serviceByName: (name, protocol) => (name === 'http' && protocol === 'tcp' ? 80 : undefined),
      serviceByPort: (port, protocol) => (port === 80 && protocol === 'tcp' ? 'http' : undefined),
    }),
    ...changes,
  };
  return result;
}

/** Runs `what` as Node does with `--jitless`. */
export function withoutWebAssembly<T>(what: () => T): T {
  const scope = globalThis as { WebAssembly?: unknown };
  const kept = scope.WebAssembly;
  delete scope.WebAssembly;
  try {
    return what();
  } finally {
    scope.WebAssembly = kept;
  }
}
