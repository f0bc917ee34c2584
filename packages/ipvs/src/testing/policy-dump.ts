import { attribute, attributeSet, type Definition, u16, u32, type Writer } from '@ipvs-ts/netlink';
import { NLA_F_NESTED } from '@ipvs-ts/netlink/testing';
import { MESSAGE } from '../schema/message.js';
import { OPERATION_LIST } from '../schema/operations.js';
import { describeRule, ruleOf } from './policy.js';
import { writeRule } from './replies.js';
import type { Body } from './result.js';

const GETPOLICY = 10;

/** The attributes of a GETPOLICY answer that are not nests. */
const ANSWER = attributeSet('policy-answer', {
  familyId: attribute(1, 'FAMILY_ID', u16, 'message type of the family'),
});
/** `CTRL_ATTR_POLICY` and `CTRL_ATTR_OP_POLICY` */
const POLICIES = 8;
const OPERATION_POLICIES = 9;
const OPERATION_POLICY = attributeSet('operation-policy', {
  do: attribute(1, 'DO', u32, 'number of the policy of its "do" requests'),
});

/**
 * What GETPOLICY reports about IPVS: a message for each operation that has a "do", and one for each attribute of the top
 * level, whose rules are the only ones that the kernel reports.
 */
export function policyBodies(familyId: number, pads: boolean): Body[] {
  const commands = OPERATION_LIST.filter(({ mode }) => mode === 'do').map(({ command }) => command);
  return [
    ...commands.map((command) =>
      policyBody(familyId, [OPERATION_POLICIES, command], (writer) =>
        OPERATION_POLICY.encode(writer, { do: 0 }),
      ),
    ),
    ...Object.values(MESSAGE.attributes).map((definition: Definition) =>
      policyBody(familyId, [POLICIES, 0, definition.number], (writer) => {
        writeRule(writer, describeRule(ruleOf(definition)) ?? [], pads);
      }),
    ),
  ];
}

/** A message with one value at the end of a path of nests. */
function policyBody(familyId: number, path: readonly number[], write: (writer: Writer) => void): Body {
  return {
    command: GETPOLICY,
    write: (writer) => {
      ANSWER.encode(writer, { familyId });
      const nests = path.map((number) => writer.beginNest(number | NLA_F_NESTED));
      write(writer);
      for (const nest of nests.reverse()) writer.endNest(nest);
    },
  };
}
