import { ArgumentChecks, errorsWithCode } from '@ipvs-ts/netlink';

/** The checks of arguments of this package: its errors have the code of those of `@ipvs-ts/ipvs`. */
export const argumentsOf = new ArgumentChecks(errorsWithCode('ERR_IPVS_ARGUMENT'));
