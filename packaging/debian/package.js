// One Debian package: files are added to a tree, which dpkg-deb packs. The same files give the same bytes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { sourceDate } from '../settings.js';

const SCRIPTS = ['preinst', 'postinst', 'prerm', 'postrm'];

/** Where systemd looks for what packages bring, by the endings of names. */
const SYSTEMD = [
  [/\.(service|socket|target|timer|path)$/, 'usr/lib/systemd/system'],
  [/sysusers.*\.conf$/, 'usr/lib/sysusers.d'],
  [/modules.*\.conf$/, 'usr/lib/modules-load.d'],
  [/tmpfiles.*\.conf$/, 'usr/lib/tmpfiles.d'],
];

export class Package {
  #root = mkdtempSync(join(tmpdir(), 'ipvs-ts-deb-'));
  #settings;

  /** `settings`: name, version, architecture, maintainer, homepage, description (a line each), and other `fields`. */
  constructor(settings) {
    this.#settings = settings;
    chmodSync(this.#root, 0o755);
  }

  directory(path) {
    mkdirSync(join(this.#root, path), { recursive: true, mode: 0o755 });
  }

  file(path, from, mode = 0o644) {
    this.directory(dirname(path));
    copyFileSync(from, join(this.#root, path));
    chmodSync(join(this.#root, path), mode);
  }

  text(path, text, mode = 0o644) {
    this.directory(dirname(path));
    writeFileSync(join(this.#root, path), text);
    chmodSync(join(this.#root, path), mode);
  }

  compressed(path, from) {
    this.#compressedText(path, readFileSync(from));
  }

  link(path, target) {
    this.directory(dirname(path));
    symlinkSync(target, join(this.#root, path));
  }

  unit(from) {
    this.file(`usr/lib/systemd/system/${basename(from)}`, from);
  }

  /** All that a directory has for systemd, each in its place. */
  systemd(directory) {
    if (!existsSync(directory)) return;
    for (const file of readdirSync(directory)) {
      const place = SYSTEMD.find(([pattern]) => pattern.test(file))?.[1];
      if (place === undefined) throw new Error(`${directory}/${file}: nothing is known about its place`);
      const isUnit = place.endsWith('system');
      this.file(`${place}/${isUnit ? file : `${this.#settings.name}.conf`}`, join(directory, file));
    }
  }

  /** Copyright and changelog, and the reasons for what lintian is told to accept. */
  documents(copyright) {
    const { name, version, maintainer } = this.#settings;
    const at = `usr/share/doc/${name}`;
    this.text(`${at}/copyright`, copyright);
    const date = new Date(sourceDate() * 1000).toUTCString().replace('GMT', '+0000');
    this.#compressedText(
      `${at}/changelog.gz`,
      `${name} (${version}) unstable; urgency=medium\n\n  * CHANGELOG.md of the sources lists the changes.\n\n -- ${maintainer}  ${date}\n`,
    );
    const overrides = new URL(`${name}/lintian-overrides`, import.meta.url);
    if (existsSync(overrides)) this.file(`usr/share/lintian/overrides/${name}`, overrides);
  }

  /** The maintainer's scripts that a directory has. */
  scripts(directory) {
    for (const name of SCRIPTS)
      if (existsSync(join(directory, name))) this.file(`DEBIAN/${name}`, join(directory, name), 0o755);
  }

  /** Packs it. The result is the path of the archive. */
  build(output) {
    const { name, version, architecture } = this.#settings;
    const files = this.#files();
    this.text('DEBIAN/control', this.#control(files));
    this.text('DEBIAN/md5sums', files.map((file) => `${md5(join(this.#root, file))}  ${file}\n`).join(''));
    const archive = join(output, `${name}_${version}_${architecture}.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', this.#root, archive], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SOURCE_DATE_EPOCH: String(sourceDate()) },
    });
    rmSync(this.#root, { recursive: true });
    return archive;
  }

  #compressedText(path, text) {
    this.text(path, execFileSync('gzip', ['-9n'], { input: text }));
  }

  #files() {
    return readdirSync(this.#root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.#root.length + 1))
      .filter((path) => !path.startsWith('DEBIAN/'))
      .sort();
  }

  #control(files) {
    const { name, version, architecture, maintainer, homepage, fields, description } = this.#settings;
    const size = files.reduce(
      (sum, file) => sum + Math.ceil(statSync(join(this.#root, file)).size / 1024),
      0,
    );
    const [first, ...rest] = description;
    const lines = {
      Package: name,
      Version: version,
      Architecture: architecture,
      Maintainer: maintainer,
      'Installed-Size': size,
      Section: 'net',
      Priority: 'optional',
      ...(homepage === undefined ? {} : { Homepage: homepage }),
      ...fields,
      Description: [first, ...rest].join('\n '),
    };
    return Object.entries(lines)
      .map(([field, value]) => `${field}: ${value}\n`)
      .join('');
  }
}

function md5(path) {
  return createHash('md5').update(readFileSync(path)).digest('hex');
}
