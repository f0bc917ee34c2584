// `node:module` of the executable, which has no node_modules: lists what the program requires by name.
import { dirname, join } from 'node:path';

/* global KOFFI_VERSION -- bundle.js defines it */
const ADDON = 'koffi.node';

const MODULES = {
  'node:child_process': () => require('node:child_process'),
  '../../package.json': () => require('../../packages/cli/package.json'),
  debug: () => require('debug'),
  koffi: addon,
};

/** The function that loads what `createRequire(…)(name)` loads under Node. */
export function createRequire() {
  return (name) => {
    const load = name.endsWith(`/${ADDON}`) ? addon : MODULES[name];
    if (load !== undefined) return load();
    throw Object.assign(new Error(`${name} is not part of the executable`), { code: 'MODULE_NOT_FOUND' });
  };
}

/**
 * koffi's binary, from where it lies beside the executable. A file inside the executable would be copied to a temporary
 * directory at each start, from which nothing may be executable, or which cannot be written to.
 */
function addon() {
  const path = join(dirname(process.execPath), ADDON);
  const module = { exports: {} };
  try {
    process.dlopen(module, path);
  } catch (cause) {
    throw Object.assign(
      new Error(cause.message.includes(path) ? cause.message : `${path}: ${cause.message}`),
      {
        cause,
        fix: `${ADDON} must lie in the directory of the executable, as in the package`,
      },
    );
  }
  const { version } = module.exports;
  if (version === KOFFI_VERSION) return module.exports;
  throw Object.assign(
    new Error(`${path} is of koffi ${version}, and the executable needs ${KOFFI_VERSION}`),
    {
      fix: `${ADDON} and the executable must come from the same package`,
    },
  );
}
