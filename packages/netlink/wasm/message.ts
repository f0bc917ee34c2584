/** Where things are in messages. The numbers themselves come from `src/wire/constants.ts`, through the script that compiles this. */
export const MESSAGE_BYTES: u32 = <u32>NLMSG_HEADER_BYTES;
export const ATTRIBUTE_BYTES: u32 = <u32>NLATTR_HEADER_BYTES;
export const TYPE_AT: u32 = <u32>NLMSG_TYPE_AT;
export const FLAGS_AT: u32 = <u32>NLMSG_FLAGS_AT;
export const SEQUENCE_AT: u32 = <u32>NLMSG_SEQUENCE_AT;
export const DONE: u32 = <u32>NLMSG_DONE;
export const MIN_TYPE: u32 = <u32>NLMSG_MIN_TYPE;
export const MULTI: u32 = <u32>NLM_F_MULTI;
export const END_BYTES: u32 = <u32>NLMSG_HEADER_BYTES + <u32>NLMSG_STATUS_BYTES;
export const DUMP_INTR: u32 = <u32>NLM_F_DUMP_INTR;
