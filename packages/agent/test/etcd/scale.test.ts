import { expect } from 'chai';
import { type FleetSize, ScaleFleet, type StepCost } from './scale/scale-fleet.js';

/** What it costs to change one weight of a fleet that has a document. */
async function costOfOneChange(size: FleetSize): Promise<StepCost & { readonly documentBytes: number }> {
  const fleet = await ScaleFleet.start(size);
  try {
    await fleet.putAll();
    return { ...(await fleet.putOneChange()), documentBytes: fleet.documentBytes };
  } finally {
    await fleet.stop();
  }
}

describe('the cost of a change', () => {
  it('is one document a director, whatever the number of directors', async function () {
    this.timeout(300_000);
    const few = await costOfOneChange({ directors: 2, destinations: 2000 });
    const many = await costOfOneChange({ directors: 8, destinations: 2000 });
    const bytesOfOne = (many.bytes - few.bytes) / 6;
    // A director that reads the document twice would need as much again.
    expect(bytesOfOne / few.documentBytes).to.be.within(0.9, 1.4);
  });
});
