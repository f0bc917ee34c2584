// The bill of materials of the executable, as CycloneDX 1.6.
import { createHash } from 'node:crypto';
import { sourceDate, VERSION } from '../settings.js';

/** The document, for the components of the executable for `arch`. The same components give the same document. */
export function sbom(components, arch) {
  const ref = `pkg:generic/ipvs-ts@${VERSION}?arch=${arch}&os=linux`;
  const listed = components.map(component);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([ref, sourceDate(), listed]))}`,
    version: 1,
    metadata: {
      timestamp: new Date(sourceDate() * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': ref,
        name: 'ipvs-ts',
        version: VERSION,
        licenses: [{ license: { id: 'MIT' } }],
        purl: ref,
      },
    },
    components: listed,
    dependencies: [
      { ref, dependsOn: listed.map((each) => each['bom-ref']) },
      ...listed.map((each) => ({ ref: each['bom-ref'] })),
    ],
  };
}

function component({ name, version, licence, purl, integrity, parts }) {
  return {
    type: parts === undefined ? 'library' : 'platform',
    'bom-ref': purl,
    name,
    version,
    ...(integrity === undefined ? {} : { hashes: [hash(integrity)] }),
    licenses: licences(licence),
    purl,
    ...(parts === undefined ? {} : { components: parts.map((part) => bunPart(part, purl)) }),
  };
}

function bunPart({ name, version, licence }, owner) {
  const ref = `${owner}#${encodeURIComponent(name)}`;
  return {
    type: 'library',
    'bom-ref': ref,
    name,
    ...(version === undefined ? {} : { version }),
    licenses: licences(licence),
  };
}

function licences(licence) {
  return / (AND|OR|WITH) /.test(licence) ? [{ expression: licence }] : [{ license: { id: licence } }];
}

/** npm's integrity is the hash of its archive in base64. */
function hash(integrity) {
  const [, text] = /^sha512-(.*)$/.exec(integrity);
  return { alg: 'SHA-512', content: Buffer.from(text, 'base64').toString('hex') };
}

/** A UUID of version 8 that is a function of `text`. */
function uuidOf(text) {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
