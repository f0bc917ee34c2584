import { checkChoice, checkInteger, checkName, wrongType } from '../argument-checks.js';

/** What a value of a document may be. */
export type Kind =
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'boolean' }
  /** Printable ASCII text without blanks. */
  | { readonly kind: 'name'; readonly longest: number }
  /** A dotted mask or a prefix length. */
  | { readonly kind: 'netmask' }
  /** An IPv4 or IPv6 multicast address. */
  | { readonly kind: 'group' }
  | { readonly kind: 'record'; readonly fields: Fields }
  /** Records by name. */
  | { readonly kind: 'map'; readonly names: NameKind; readonly fields: Fields };

/** What the names of a map name. */
export type NameKind = 'service' | 'destination';

/** A field of a record. */
export type Field = Kind & {
  /** What it is: sentences. */
  readonly about: string;
  readonly required?: true;
  /** What it is where it is left out, as far as that is one value. */
  readonly byDefault?: string | number | boolean;
};

/** The fields of a record, by name. */
export type Fields = Readonly<Record<string, Field>>;

/** Refuses a value that no document may have in this place, whatever stands around it. */
export function checkKind(path: string, value: unknown, field: Kind): void {
  switch (field.kind) {
    case 'integer':
      checkInteger(path, value, field.minimum, field.maximum);
      break;
    case 'choice':
      checkChoice(path, value, field.choices);
      break;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(path, 'true or false', value);
      break;
    case 'name':
      checkName(path, value, field.longest);
      break;
    case 'choices':
      if (!Array.isArray(value)) throw wrongType(path, `a list of ${field.choices.join(', ')}`, value);
      break;
    case 'netmask':
    case 'group':
    case 'record':
    case 'map':
      // What stands around them says more.
      break;
  }
}
