import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { CHECKOUT } from '../source-files.js';
import { commandPages } from './command-pages.js';
import { errorsPage } from './errors-page.js';
import { MONITORING_FILES } from '../monitoring/files.js';
import { importPages } from './import-pages.js';
import { metricsPage } from './metrics-page.js';
import { protocolPage } from './protocol-page.js';

/** The pages of `docs/`, and the files of packages, that are generated from tables: paths in the checkout, and texts. */
export async function pages(): Promise<Readonly<Record<string, string>>> {
  const texts = {
    'docs/errors.md': errorsPage(),
    'docs/protocol.md': protocolPage(),
    ...(await commandPages()),
    ...importPages(),
    'docs/observability.md': metricsPage(),
    ...MONITORING_FILES,
  };
  const options = await resolveConfig(join(CHECKOUT, 'docs/errors.md'));
  return Object.fromEntries(
    await Promise.all(
      Object.entries(texts).map(
        async ([path, text]) => [path, await format(text, { ...options, filepath: path })] as const,
      ),
    ),
  );
}
