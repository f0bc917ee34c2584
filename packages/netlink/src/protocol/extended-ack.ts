import { align4, LITTLE_ENDIAN } from '../wire/align.js';
import { HEADER_BYTES, LENGTH_AT, NLM_F, STATUS_BYTES } from '../wire/constants.js';
import type { ExtendedAck } from '../errors.js';
import { malformed } from '../errors.js';
import { u32 } from '../schema/codec.js';
import type { Messages } from '../wire/message.js';
import { attribute } from '../schema/definition.js';
import { attributeSet } from '../schema/attribute-set.js';
import { zstring } from '../schema/string.js';

/** `enum nlmsgerr_attrs`. COOKIE, POLICY, MISS_TYPE and MISS_NEST are ignored. */
export const EXTENDED_ACK = attributeSet('extended-ack', {
  message: attribute(1, 'MSG', zstring(1024), 'what went wrong, in the words of the kernel'),
  offset: attribute(2, 'OFFS', u32, 'offset of the offending attribute from the start of the request'),
});

/** What an NLMSG_ERROR or NLMSG_DONE message says. */
export interface Verdict {
  /** 0 for success, else a positive errno. */
  readonly errno: number;
  readonly extack: ExtendedAck | undefined;
}

/** Reads an NLMSG_ERROR message: an errno, the request's header, perhaps the whole request, perhaps attributes. */
export function readError(message: Messages): Verdict {
  const { view, start, end, flags } = message;
  if (end - start < STATUS_BYTES + HEADER_BYTES.MESSAGE)
    throw malformed(`an error message of ${end - start} bytes`);
  const errno = readStatus(view, start);
  if ((flags & NLM_F.ACK_TLVS) === 0) return { errno, extack: undefined };
  const echoed =
    (flags & NLM_F.CAPPED) === 0
      ? view.getUint32(start + STATUS_BYTES + LENGTH_AT, LITTLE_ENDIAN)
      : HEADER_BYTES.MESSAGE;
  if (echoed > end - start - STATUS_BYTES)
    throw malformed('an error message that is shorter than the request it echoes');
  return { errno, extack: readExtendedAck(message, start + STATUS_BYTES + align4(echoed)) };
}

/** Reads an NLMSG_DONE message. Old kernels send it without a status. */
export function readDone(message: Messages): Verdict {
  const { view, start, end, flags } = message;
  if (end - start < STATUS_BYTES) return { errno: 0, extack: undefined };
  const extack = (flags & NLM_F.ACK_TLVS) === 0 ? undefined : readExtendedAck(message, start + STATUS_BYTES);
  return { errno: readStatus(view, start), extack };
}

function readStatus(view: DataView, at: number): number {
  const status = view.getInt32(at, LITTLE_ENDIAN);
  if (status > 0) throw malformed(`a positive error status ${status}`);
  return -status;
}

function readExtendedAck({ view, end }: Messages, start: number): ExtendedAck {
  const { message, offset } = EXTENDED_ACK.reader().load(view, start, end);
  return { ...(message !== undefined && { message }), ...(offset !== undefined && { offset }) };
}
