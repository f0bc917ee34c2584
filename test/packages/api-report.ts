import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { CHECKOUT } from '../source-files.js';
import { FOLDERS, manifest, temporaryDirectory } from './tarballs.js';

/** An entry point of a package, and its report in `etc/`. */
export interface ApiEntry {
  readonly folder: string;
  readonly declarations: string;
  readonly report: string;
}

/** Every entry point of every package. */
export const API_ENTRIES: readonly ApiEntry[] = FOLDERS.flatMap((folder) =>
  Object.entries(manifest(folder).exports).flatMap(([subpath, target]) =>
    typeof target === 'string'
      ? []
      : [
          {
            folder,
            declarations: join(CHECKOUT, 'packages', folder, target.types),
            report: subpath === '.' ? folder : `${folder}-${subpath.slice(2)}`,
          },
        ],
  ),
);

/** Compares the public declarations with the report in `etc/`, or writes it. Returns the messages to print. */
export function checkApi({ folder, declarations, report }: ApiEntry, write: boolean): string[] {
  const directory = join(CHECKOUT, 'packages', folder);
  const reports = join(CHECKOUT, 'etc');
  mkdirSync(reports, { recursive: true });
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(directory, 'package.json'),
    configObject: {
      projectFolder: directory,
      mainEntryPointFilePath: declarations,
      compiler: { tsconfigFilePath: join(directory, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${report}.api.md`,
        reportFolder: reports,
        reportTempFolder: temporaryDirectory('api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
    },
  });
  const said: string[] = [];
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: write,
    messageCallback: (message) => {
      message.handled = true;
      // Changes are reported below; the comments of this project do not follow TSDoc strictly.
      if (message.logLevel === ExtractorLogLevel.Error) said.push(message.text);
    },
  });
  if (apiReportChanged && !write) said.push(`etc/${report}.api.md: the public API has changed; npm run api`);
  return said;
}
