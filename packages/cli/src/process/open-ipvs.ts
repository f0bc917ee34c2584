/** The library, loaded when a subcommand connects to IPVS, which some do not. */
export { Ipvs } from '@ipvs-ts/ipvs';
