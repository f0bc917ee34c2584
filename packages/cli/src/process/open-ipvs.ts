/** The library, loaded when a subcommand connects to IPVS: some need none. */
export { Ipvs } from '@ipvs-ts/ipvs';
