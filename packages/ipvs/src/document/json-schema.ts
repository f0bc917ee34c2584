import type { Field, Fields, NameKind } from '../model/field.js';
import { DOCUMENT_FIELDS } from './fields.js';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
const ENDPOINT = `(?:${IPV4}|\\[[0-9A-Fa-f:.]+\\]):${decimal(0xffff)}`;
const PRINTABLE = '^[!-~]+$';

const NAMES: Record<NameKind, string> = {
  service: `^(?:(?:tcp|udp|sctp):${ENDPOINT}|fwmark6?:(?!0+$)${decimal(0xffff_ffff)})$`,
  destination: `^${ENDPOINT}$`,
};

/** The other fields that a tunnel may have, by its type. */
const TUNNEL_RULES = [
  {
    if: { properties: { type: { const: 'gue' } }, required: ['type'] },
    then: { properties: { port: { minimum: 1 } }, required: ['port'] },
    else: { properties: { port: { const: 0 }, checksum: { enum: ['none', 'csum'] } } },
  },
  {
    if: { not: { required: ['type'] } },
    then: { properties: { checksum: { const: 'none' } } },
  },
  {
    if: { properties: { type: { const: 'ipip' } } },
    then: { properties: { checksum: { const: 'none' } } },
  },
];

/**
 * The schema of documents, draft 7, which most editors support. It describes each field, and the fields of a tunnel
 * together. Mistakes that involve several fields, such as names in two spellings, thresholds or address families, are
 * found by `readDocument` only.
 */
export function documentSchema(): JsonSchema {
  const { properties, ...rest } = record(DOCUMENT_FIELDS);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Declared state of IPVS',
    ...rest,
    properties: {
      $schema: { description: 'The address of this schema, for editors.' },
      ...(properties as object),
    },
  };
}

function record(fields: Fields): JsonSchema {
  const required = Object.keys(fields).filter((name) => fields[name]?.required === true);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, described(field)])),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    // A tunnel belongs to its forwarding.
    ...(Object.hasOwn(fields, 'tunnel') && {
      dependencies: { tunnel: { properties: { forwarding: { const: 'tunnel' } }, required: ['forwarding'] } },
    }),
    ...(Object.hasOwn(fields, 'checksum') && { allOf: TUNNEL_RULES }),
  };
}

function described(field: Field): JsonSchema {
  const { about, byDefault } = field;
  return { description: about, ...value(field), ...(byDefault !== undefined && { default: byDefault }) };
}

function value(field: Field): JsonSchema {
  switch (field.kind) {
    case 'integer':
      return { type: 'integer', minimum: field.minimum, maximum: field.maximum };
    case 'choice':
      return { enum: field.choices };
    case 'choices':
      return { type: 'array', items: { enum: field.choices } };
    case 'boolean':
      return { type: 'boolean' };
    case 'name':
      return { type: 'string', pattern: PRINTABLE, maxLength: field.longest };
    case 'netmask':
      return {
        anyOf: [
          { type: 'integer', minimum: 0, maximum: 128 },
          { type: 'string', pattern: `^${IPV4}$` },
        ],
      };
    case 'group':
      return {
        type: 'string',
        pattern: `^(?:(?:22[4-9]|23[0-9])(?:\\.${OCTET}){3}|[Ff]{2}[0-9A-Fa-f]{2}:[0-9A-Fa-f:.]+)$`,
      };
    case 'record':
      return record(field.fields);
    case 'map':
      return {
        type: 'object',
        propertyNames: { pattern: NAMES[field.names] },
        additionalProperties: record(field.fields),
      };
  }
}

/** A pattern for the decimal numbers up to `most`, including leading zeros, with no more digits than `most` has. */
function decimal(most: number): string {
  const digits = String(most);
  const less = Array.from(digits).flatMap((digit, index) => {
    if (digit === '0') return [];
    const rest = digits.length - index - 1;
    const smaller = digit === '1' ? '0' : `[0-${Number(digit) - 1}]`;
    return [`${digits.slice(0, index)}${smaller}${rest === 0 ? '' : `[0-9]{${rest}}`}`];
  });
  return `(?:${[digits, ...less, `[0-9]{1,${digits.length - 1}}`].join('|')})`;
}
