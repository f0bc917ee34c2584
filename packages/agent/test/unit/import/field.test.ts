/** Files as found in the field: old spellings, mistakes, unusual layouts, the dialects of other programs. */
import {
  CHECK_TYPES,
  documentYaml,
  type Fate,
  importKeepalived,
  importLdirectord,
  readDeclared,
} from '@ipvs-ts/agent';
import { expect } from 'chai';
import { parse } from 'yaml';
import { grouped, keepalivedGaps, ldirectordGaps } from './accounts.js';
import { corpus, readIncluded } from './corpus.js';

const OPTIONS = { configId: 'lb1', readIncluded };
const FILES = [
  ...['keepalived', 'field/keepalived', 'lives/keepalived'].flatMap((folder) =>
    corpus(folder).map((file) => ({
      file,
      imported: importKeepalived(file, OPTIONS),
      gapsIn: (remarks: ReturnType<typeof importKeepalived>['remarks']) =>
        keepalivedGaps(file, OPTIONS, remarks),
    })),
  ),
  ...['ldirectord', 'field/ldirectord', 'lives/ldirectord'].flatMap((folder) =>
    corpus(folder).map((file) => ({
      file,
      imported: importLdirectord(file),
      gapsIn: (remarks: ReturnType<typeof importLdirectord>['remarks']) => ldirectordGaps(file, remarks),
    })),
  ),
];

describe('files as people have them', () => {
  it('are more than a hundred', () => expect(FILES.length).to.be.above(100));

  for (const { file, imported, gapsIn } of FILES)
    describe(file.path.split('/').slice(-3).join('/'), () => {
      it('has each directive in the document or in a remark', () =>
        expect(gapsIn(imported.remarks)).to.deep.equal([]));

      it('becomes a document that is valid, also as YAML', () => {
        const { problems } = readDeclared(imported.document, 'revision', CHECK_TYPES);
        expect(problems.map(({ message }) => message)).to.deep.equal([]);
        const yaml = documentYaml(imported.document, ['a comment']);
        expect(parse(yaml)).to.deep.equal(JSON.parse(JSON.stringify(imported.document)));
      });

      it('has remarks with a line of the file', () => {
        const lines = file.text.split(/\r\n|\n|\r/).length;
        const wrong = imported.remarks.filter(
          (remark) => remark.file === file.path && !(remark.line >= 1 && remark.line <= lines),
        );
        expect(wrong).to.deep.equal([]);
      });
    });

  const fates = (path: string): ReadonlyMap<number, readonly Fate[]> => {
    const found = FILES.find(({ file }) => file.path.endsWith(path));
    const remarks = found?.imported.remarks.filter(({ file }) => file === found.file.path) ?? [];
    return new Map(
      [...grouped(remarks, ({ line }) => line)].map(([line, all]) => [
        line,
        [...new Set(all.map(({ fate }) => fate))],
      ]),
    );
  };

  it('says nothing is taken over of a service or a server that is left out', () => {
    const lines = fates('field/keepalived/09-ipv6.conf');
    expect([16, 17, 34, 35, 36].map((line) => lines.get(line))).to.deep.equal(
      Array.from({ length: 5 }, () => ['dropped']),
    );
    const none = fates('field/keepalived/28-empty-blocks.conf');
    expect([4, 8, 9].map((line) => none.get(line))).to.deep.equal([['dropped'], ['dropped'], ['dropped']]);
    const wrong = fates('field/ldirectord/08-mistakes.cf');
    expect([6, 7, 8, 9, 21].map((line) => wrong.get(line))).to.deep.equal(
      Array.from({ length: 5 }, () => ['dropped']),
    );
  });

  it('says what differs at the line that causes it', () => {
    const lines = fates('field/keepalived/26-timers.conf');
    expect([2, 3, 5].map((line) => lines.get(line))).to.deep.equal([['differs'], ['differs'], ['differs']]);
  });
});
