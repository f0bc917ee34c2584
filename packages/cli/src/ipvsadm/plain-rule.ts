/**
 * Rules in exactly the forms that `-S -n` writes for TCP and UDP over IPv4: recognised whole, since a restore is made
 * of little else. All other lines take the long way by their words; both ways must come to the same request.
 */
import { type Call, PlainCalls, type PlainService } from '@ipvs-ts/ipvs/verbs-sync';

/** Numbers without zeros before them: other spellings have other meanings. */
const OCTET = '(0|[1-9][0-9]{0,2})';
const ADDRESS = `${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}`;
const SERVICE = `(([tu]) ${ADDRESS}:([1-9][0-9]{0,4}))`;
const SERVICE_RULE = new RegExp(`^-A -${SERVICE} -s ([a-z]{1,15})$`);
const SERVER_RULE = new RegExp(
  `^-a -${SERVICE} -r ${ADDRESS}:([1-9][0-9]{0,4}) -([mg]) -w (0|[1-9][0-9]{0,8})$`,
);
const PROTOCOLS: Readonly<Record<string, number>> = { t: 6, u: 17 };

type Match = readonly (string | undefined)[];

/** Recognises rules, one after another. */
export class PlainRules {
  readonly #calls = new PlainCalls();
  #text: string | undefined;
  #service: PlainService | undefined;

  /** The call of such a rule; undefined for every other line. */
  read(line: string): Call | undefined {
    const server = SERVER_RULE.exec(line);
    if (server !== null) return this.#server(server);
    const match = SERVICE_RULE.exec(line);
    const service = match === null ? undefined : this.#named(match);
    return service && this.#calls.addService(service, match?.[8] ?? '');
  }

  #server(match: Match): Call | undefined {
    const service = this.#named(match);
    const address = addressAt(match, 8);
    const port = Number(match[12]);
    if (service === undefined || address < 0 || port > 65535) return undefined;
    return match[13] === 'm'
      ? this.#calls.addDestination(service, { address, port }, 'masq', Number(match[14]))
      : // Direct routing delivers to the service's own port whatever the rule says.
        this.#calls.addDestination(service, { address, port: service.port }, 'route', Number(match[14]));
  }

  /** The service of a rule: mostly that of the rule before. */
  #named(match: Match): PlainService | undefined {
    if (match[1] === this.#text) return this.#service;
    const address = addressAt(match, 3);
    const port = Number(match[7]);
    this.#text = match[1];
    this.#service =
      address < 0 || port > 65535 ? undefined : { protocol: PROTOCOLS[match[2] ?? ''] ?? 0, address, port };
    return this.#service;
  }
}

/** The address whose four numbers begin at `index`; −1 if one of them is above 255. */
function addressAt(match: Match, index: number): number {
  const a = Number(match[index]);
  const b = Number(match[index + 1]);
  const c = Number(match[index + 2]);
  const d = Number(match[index + 3]);
  return a > 255 || b > 255 || c > 255 || d > 255 ? -1 : ((a * 256 + b) * 256 + c) * 256 + d;
}
