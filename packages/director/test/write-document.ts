/** `npm run document:doctor`: writes docs/doctor.md. */
import { writeFileSync } from 'node:fs';
import { doctorDocument, PATH } from './unit/doctor/doctor-document.js';

writeFileSync(PATH, await doctorDocument());
