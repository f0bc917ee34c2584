/** A JSON Schema. */
export type StatusSchema = Readonly<Record<string, unknown>>;

const TEXT = { type: 'string' };
const COUNT = { type: 'integer', minimum: 0 };
const TIME = { type: 'string', format: 'date-time' };
const WEIGHT = { type: 'integer', minimum: 0, maximum: 2_147_483_647 };

/** The schema of `status --json` and of GET /status, draft 7. */
export function statusSchema(): StatusSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Status of an agent of IPVS',
    ...record({
      version: { const: 1 },
      id: { ...TEXT, description: 'Name of the director.' },
      namespace: {
        ...TEXT,
        description: 'Inode of the network namespace whose table it is about, as of /proc/self/ns/net.',
      },
      observes: { type: 'boolean', description: 'Whether it only checks and reports, and changes nothing.' },
      fit: {
        type: 'boolean',
        description:
          'Whether a valid document is in force and every service can serve, or is meant to refuse.',
      },
      doubt: {
        ...orNull(record({ until: TIME, failed: COUNT, up: COUNT })),
        description: 'Why nothing is taken out for a while; null: there is no doubt.',
      },
      document: DOCUMENT,
      store: {
        ...orNull(STORE),
        description: 'The store of the fleet; null: the document comes from a file.',
      },
      warnings: list({ ...TEXT, description: 'What an operator should change on the host.' }),
      services: list(SERVICE),
    }),
  };
}

function record(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

function list(items: object): object {
  return { type: 'array', items };
}

function orNull(schema: object): object {
  return { anyOf: [schema, { type: 'null' }] };
}

const DOCUMENT = record({
  valid: { type: 'boolean', description: 'Whether the newest document has no mistakes.' },
  problems: list(
    record(
      {
        path: { ...TEXT, description: 'Where: services["tcp:192.0.2.10:80"].scheduler.' },
        allowed: { ...TEXT, description: 'What is allowed there.' },
        message: TEXT,
        line: { type: 'integer', minimum: 1 },
        column: { type: 'integer', minimum: 1 },
      },
      ['line', 'column'],
    ),
  ),
  revision: { ...orNull(TEXT), description: 'Of the document in force; null: none is.' },
  pending: {
    ...orNull(
      record({
        revision: TEXT,
        removes: TEXT,
        hold: { ...orNull(TEXT), description: 'Why it waits, where that is not what it removes.' },
      }),
    ),
    description: 'A document that waits to be accepted; null: none does.',
  },
  loadedAt: orNull(TIME),
});

const STORE = record({
  kind: { const: 'etcd' },
  prefix: TEXT,
  endpoint: { ...TEXT, description: 'The node in use.' },
  connected: { type: 'boolean', description: 'Whether the last request was answered.' },
  age: {
    ...orNull({ type: 'number', minimum: 0 }),
    description: 'Milliseconds since the store answered last; null: it has not.',
  },
  problem: orNull(TEXT),
  rollout: {
    ...orNull(
      record({
        current: TEXT,
        candidate: orNull(TEXT),
        canary: orNull(TEXT),
        state: { enum: ['settled', 'baking', 'stopped'] },
        reason: orNull(TEXT),
      }),
    ),
    description: 'Which document the fleet follows; null: the store has not said yet.',
  },
});

const CHECK = record({
  name: TEXT,
  result: { enum: ['passed', 'failed', 'no verdict', null], description: 'Null: it has not run yet.' },
  reason: TEXT,
  milliseconds: orNull({ type: 'number', minimum: 0 }),
  at: orNull(TIME),
});

const DESTINATION = record({
  destination: { ...TEXT, description: '10.0.0.11:443 or [2001:db8::11]:443.' },
  state: { enum: ['up', 'down', 'unknown', 'draining', 'maintenance', 'manual', 'kept'] },
  declaredWeight: WEIGHT,
  weight: { ...orNull(WEIGHT), description: 'The weight in the table; null: the table does not have it.' },
  reason: TEXT,
  since: TIME,
  checks: list(CHECK),
});

const SERVICE = record({
  service: { ...TEXT, description: 'tcp:192.0.2.10:443, fwmark:7.' },
  capacity: {
    type: 'number',
    minimum: 0,
    description: 'Weight in service as a share of the declared weight.',
  },
  guard: { enum: ['floor', 'all down', 'doubt', null] },
  destinations: list(DESTINATION),
});
