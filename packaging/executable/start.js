// The entry of the executable: the program with all its subcommands. Under Node it is packages/cli/bin/ipvs-ts.js.
import { start } from '../../packages/cli/dist/bin.js';

// A compiled program finds the name of a file inside itself here. The name that it was called by is needed.
process.argv[1] = process.argv0;

start(() => import('../../packages/cli/dist/process/subcommand.js'));
