import { AgentError, CHECK_TYPES, documentYaml, importKeepalived, readDeclared } from '@ipvs-ts/agent';
import { expect } from 'chai';
import { withoutComment } from '../../../../dist/import/keepalived/syntax/quotes.js';
import { corpus, readIncluded } from '../corpus.js';

const files = corpus('keepalived');

describe('the import of keepalived’s files', () => {
  it('has at least 40 files', () => expect(files.length).to.be.at.least(40));

  for (const file of files) {
    const name = file.path.split('/').at(-1) as string;

    describe(name, () => {
      const options = { configId: 'lb1', readIncluded };
      const imported = importKeepalived(file, options);

      it('becomes a document without mistakes', () => {
        const { problems } = readDeclared(imported.document, 'revision', CHECK_TYPES);
        expect(problems.map(({ message }) => message)).to.deep.equal([]);
      });

      it('has a remark for every line', () => {
        const lines = new Set(
          imported.remarks.filter((remark) => remark.file === file.path).map(({ line }) => line),
        );
        const silent = file.text.split('\n').flatMap((text, index) => {
          const words = withoutComment(text)
            .replace(/[{}\\]/g, ' ')
            .trim();
          return words === '' || lines.has(index + 1) ? [] : [`${index + 1}: ${text}`];
        });
        expect(silent).to.deep.equal([]);
      });

      it('reads as the same document again', () => {
        expect(importKeepalived(file, options)).to.deep.equal(imported);
        expect(documentYaml(imported.document)).to.match(/^services:/);
      });
    });
  }

  it('throws only errors of its own, whatever the file', () => {
    for (const text of ['}', '{', 'virtual_server 10.0.0.1 80 {', 'a\0b', 'include x'])
      try {
        importKeepalived({ path: 'x', text }, { readIncluded: () => [{ path: 'x', text }] });
        expect.fail(text);
      } catch (error) {
        expect(AgentError.is(error, 'ERR_AGENT_IMPORT'), String(error)).to.equal(true);
        expect((error as Error).message).to.match(/^x:1: /);
      }
  });
});
