/**
 * Files of /proc as kernels wrote them. The layouts of 5.10, 6.1, 6.12 and 7.2 are the same; the lines come from all of
 * them, the templates of an IPv6 service, of a firewall mark and of the engine sip among them.
 */
export const CONNECTIONS = {
  plain: `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
UDP 0A000001 0000 0A000001 0035 0A000002 0035 NONE             76
TCP 2001:0db8:0000:0000:0000:0000:0000:0001 D698 2001:0db8:0000:0000:0000:0000:0000:0001 0050 2001:0db8:0000:0000:0000:0000:0000:0002 0050 CLOSE             9
TCP 0A000001 A518 0A000001 0050 0A000002 0050 CLOSE             9
UDP 0A000001 C651 0A000001 0035 0A000002 0035 UDP             299
TCP 2001:0db8:0000:0000:0000:0000:0000:0001 0000 2001:0db8:0000:0000:0000:0000:0000:0001 0050 2001:0db8:0000:0000:0000:0000:0000:0002 0050 NONE             99
SCTP 0A000001 A93F 0A000001 0063 0A000002 0063 REJECTED          2
IP  0A000001 0000 C0A80102 0000 0A000002 0000 NONE             98
UDP 0A000001 0000 0A000001 13C4 0A000002 13C4 NONE             98 sip 3848276298220188511@atlanta.example.com
`,
  origins: `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires
UDP 0A000001 0000 0A000001 0035 0A000002 0035 NONE        LOCAL       76
TCP 2001:0db8:0000:0000:0000:0000:0000:0001 D698 2001:0db8:0000:0000:0000:0000:0000:0001 0050 2001:0db8:0000:0000:0000:0000:0000:0002 0050 CLOSE       LOCAL        9
TCP 0A000001 A518 0A000001 0050 0A000002 0050 CLOSE       LOCAL        9
UDP 0A000001 C651 0A000001 0035 0A000002 0035 UDP         LOCAL      299
TCP 2001:0db8:0000:0000:0000:0000:0000:0001 0000 2001:0db8:0000:0000:0000:0000:0000:0001 0050 2001:0db8:0000:0000:0000:0000:0000:0002 0050 NONE        LOCAL       99
SCTP 0A000001 A93F 0A000001 0063 0A000002 0063 REJECTED    LOCAL        2
IP  0A000001 0000 C0A80102 0000 0A000002 0000 NONE        LOCAL       98
UDP 0A000001 0000 0A000001 13C4 0A000002 13C4 NONE        LOCAL       98
`,
  /** Client port, state and engine of each line. */
  read: [
    [0, 'NONE', undefined],
    [0xd698, 'CLOSE', undefined],
    [0xa518, 'CLOSE', undefined],
    [0xc651, 'UDP', undefined],
    [0, 'NONE', undefined],
    [0xa93f, 'REJECTED', undefined],
    [0, 'NONE', undefined],
    [0, 'NONE', 'sip'],
  ],
} as const;

export const STATS = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
       3        3        3               AA               9E

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       0        0        0               10                F
`;

/** Of a machine with two processors. */
export const STATS_PER_CPU = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
  0        3        3        3               AA               9E
  1        0        0        0                0                0
  ~        3        3        3               AA               9E

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
           0        0        0               15               14
`;
