#!/bin/bash
# Under systemd as PID 1, after the unit of the agent has started: what the scenario agent/systemd looks at, a line each.
file=/etc/ipvs-ts/director.yaml
said() { printf '%s: %s\n' "$1" "$2"; }
shown() { systemctl show --value --property "$1" ipvs-ts-agent; }
table() { ipvs-ts -Sn | tr '\n' ';'; }
until_true() { for _ in $(seq 600); do "$@" && return; sleep 0.2; done; }
restarted() { [ "$(shown NRestarts)" = "$1" ] && [ "$(shown ActiveState)" = active ]; }

said 'state' "$(shown ActiveState) $(shown SubState) $(shown NRestarts)"
said 'user' "$(ps -o user= -p "$(shown MainPID)")"
said 'capabilities' "$(sed -n 's/^CapBnd:\t0*//p' "/proc/$(shown MainPID)/status")"
said 'text' "$(shown StatusText | sed 's/; document.*//')"
said 'socket' "$(stat -c '%A %U %G' /run/ipvs-ts/agent.sock)"
said 'table' "$(table)"
systemctl reload ipvs-ts-agent
said 'reload' "$?"
cp $file $file.good
echo 'services: 1' >$file
systemctl reload ipvs-ts-agent
said 'reload with mistakes' "$? $(shown ActiveState)"
mv $file.good $file
kill -9 "$(shown MainPID)"
until_true restarted 1
said 'after kill -9' "$(shown ActiveState) $(shown SubState) $(shown NRestarts)"
said 'table after kill -9' "$(table)"
# A stopped process feeds no watchdog.
kill -STOP "$(shown MainPID)"
until_true restarted 2
said 'after the watchdog' "$(shown ActiveState) $(shown SubState) $(shown NRestarts)"
systemctl stop ipvs-ts-agent
said 'after stop' "$(shown ActiveState) $(shown Result)"
said 'left' "$(cd /run/ipvs-ts && printf '%s ' *)"
said 'table after stop' "$(table)"
