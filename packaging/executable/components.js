// What the executable is made of: npm packages by the files that the bundle read, koffi's binary, and Bun with its parts.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARCHITECTURES, CHECKOUT, readJson } from '../settings.js';
import { BUN_NOTICE, BUN_PARTS } from './bun-parts.js';
import { lockedPackage, npmPackage } from './npm-package.js';

/**
 * All components for a processor, by name: `name`, `version`, `licence` (SPDX), `text` (of the licence), and of npm's packages
 * `purl` and `integrity`; Bun has `parts`.
 */
export function components(inputs, arch) {
  const directories = new Set(inputs.map(packageDirectory).filter((directory) => directory !== undefined));
  directories.add('node_modules/koffi');
  // The page of the agent was bundled before.
  if (inputs.some((input) => input.endsWith('/serve/page.generated.js')))
    directories.add('node_modules/preact');
  const named = [...directories].map(npmComponent);
  named.push({
    ...npmComponent('node_modules/koffi'),
    ...lockedFields(`@koromix/koffi-linux-${arch}`),
    name: `@koromix/koffi-linux-${arch}`,
  });
  named.push(bunComponent(arch));
  return named.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function packageDirectory(input) {
  return /^(?:packages\/[^/]+\/)?node_modules\/(?:@[^/]+\/)?[^/]+|^packages\/[^/]+/.exec(input)?.[0];
}

function npmComponent(directory) {
  const { name, version, license } = readJson(`${directory}/package.json`);
  if (typeof license !== 'string') throw new Error(`${directory}/package.json names no licence`);
  const isOwn = directory.startsWith('packages/') && !directory.includes('node_modules');
  const { integrity } = isOwn ? {} : lockedPackage(name, directory);
  return {
    name,
    version,
    licence: license,
    text: licenceText(directory),
    purl: purl(name, version),
    integrity,
  };
}

function lockedFields(name) {
  const { version, integrity } = lockedPackage(name);
  return { version, integrity, purl: purl(name, version) };
}

function purl(name, version) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function licenceText(directory) {
  const path = join(CHECKOUT, directory);
  const file = readdirSync(path).find((each) => /^licen[cs]e(\.(md|txt))?$/i.test(each));
  if (file === undefined) throw new Error(`${directory} has no text of its licence`);
  return readFileSync(join(path, file), 'utf8').trim();
}

function bunComponent(arch) {
  const name = `@oven/bun-linux-${ARCHITECTURES[arch].bun}`;
  const here = join(npmPackage(`@oven/bun-linux-${ARCHITECTURES[process.arch].bun}`), 'bin/bun');
  const versions = JSON.parse(
    execFileSync(here, ['--print', 'JSON.stringify(process.versions)'], { encoding: 'utf8' }),
  );
  const parts = BUN_PARTS.map(([part, licence, key]) => ({ name: part, licence, version: versions[key] }));
  const table = parts.map(
    (part) => `  ${part.name}${part.version === undefined ? '' : ` ${part.version}`}: ${part.licence}`,
  );
  return { name, licence: 'MIT', text: `${BUN_NOTICE}\n${table.join('\n')}`, parts, ...lockedFields(name) };
}

/** One text with the licences of all components. */
export function licencesText(all) {
  const texts = all.map(({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text}\n`);
  return `What ipvs-ts contains, and under which licences.\n\n${texts.join(`\n${'-'.repeat(78)}\n\n`)}`;
}

/** The texts of licences that Debian keeps in one place for all packages. */
export function commonLicence(name) {
  const path = `/usr/share/common-licenses/${name}`;
  if (!existsSync(path)) throw new Error(`${path} is missing: packages are made on Debian`);
  return readFileSync(path, 'utf8');
}
