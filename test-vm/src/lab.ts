import { Ipvs } from '@ipvs-ts/ipvs';
import { Report } from './check.js';
import { Cleanup } from './cleanup.js';
import { type Answer, describeAnswer, fetchPage } from './http-client.js';
import type { Namespace } from './namespace.js';
import { type Topology, type TopologyPlan, buildTopology } from './topology.js';
import { startWebServer } from './web-server.js';

/** The equipment of one scenario. Several run side by side, so the names of its namespaces are unique. */
export class Lab {
  /** Its report, printed when it is over. */
  readonly report: Report;
  readonly cleanup = new Cleanup();
  readonly #prefix: string;
  readonly #said: string[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.report = new Report((text) => this.#said.push(text));
  }

  /** The report so far. */
  get text(): string {
    return this.#said.join('');
  }

  /** Build a topology. */
  build<Host extends string>(plan: TopologyPlan<Host>): Promise<Topology<Host>> {
    return buildTopology(plan, this.cleanup, this.#prefix);
  }

  /** Open IPVS of a host. */
  async ipvs(host: Namespace): Promise<Ipvs> {
    const ipvs = await Ipvs.open({ netns: host.path });
    this.cleanup.add(`IPVS of ${host.name}`, () => ipvs.close());
    return ipvs;
  }

  /** Start nginx with one page, on ports of a host. The result ends it. */
  async serve(host: Namespace, page: string, ports: readonly number[] = [80]): Promise<() => Promise<void>> {
    return startWebServer(host, page, 'nginx', this.cleanup, ports);
  }

  /** Ask for a page several times, each over a connection of its own, one after the other. */
  async ask(client: Namespace, url: string, times: number, limit = 4, source?: string): Promise<string[]> {
    const answers: Answer[] = [];
    for (let time = 0; time < times; time++) answers.push(await fetchPage(client, url, { limit, source }));
    return answers.map(describeAnswer);
  }
}

/** Features that some kernels, or some environments, lack. */
export type Need =
  | 'arptables'
  | 'ipset'
  | 'iptables'
  | 'nat-table'
  | 'nft'
  | 'own-kernel'
  | 'user-namespace'
  | 'force-forwarding'
  | 'run-estimation'
  | 'tunnel-errors';

/** A scenario: sets something up, does something and checks it, with its lab only. */
export interface Scenario {
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** Whether it is part of the quick run. */
  readonly quick?: boolean;
  /** Whether it changes something that all namespaces share, so that nothing else may run meanwhile. */
  readonly alone?: boolean;
  /** What the kernel must have in addition to IPVS. Where it is missing, that is reported. */
  readonly needs?: Need | undefined;
  run(lab: Lab): Promise<void>;
}
