import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { doctorDocument, PATH } from './doctor-document.js';

describe('docs/doctor.md', () => {
  it('is what the checks and their faults make it (npm run document:doctor)', async () => {
    expect(readFileSync(PATH, 'utf8')).to.equal(await doctorDocument());
  });
});
