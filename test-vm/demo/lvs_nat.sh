#!/bin/bash
# Balance a web site over two real servers by address translation (LVS-NAT). Run it on the director.
#
#   client ──── 192.168.56.128 director 192.168.0.139 ──┬── 192.168.0.134 real server "master"
#               (the virtual address)                   └── 192.168.0.140 real server "slave"
#
# The real servers' default gateway has to be the director (192.168.0.139): answers must come back through it.
set -eu
IPVSADM=${IPVSADM:-ipvs-ts}
VIP=192.168.56.128:80
# TRACE shows each command before it runs.
[ -z "${TRACE-}" ] || { PS4=$TRACE && set -x; }

# The director passes packets on, and does not tell anybody of a shorter way around it.
sysctl -q -w net.ipv4.ip_forward=1
sysctl -q -w net.ipv4.conf.{all,default,ens33,ens34}.send_redirects=0

# Real servers reach the outside under the director's address.
iptables -t nat -F
iptables -t nat -X
iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -j MASQUERADE

# One virtual service, round robin, two real servers reached by address translation (-m).
$IPVSADM -C
$IPVSADM -A -t $VIP -s rr
$IPVSADM -a -t $VIP -r 192.168.0.134:80 -m -w 1
$IPVSADM -a -t $VIP -r 192.168.0.140:80 -m -w 1
