# fish completion for ipvs-ts. Generated from its tables of commands and options.

function __fish_ipvs_ts_command --description 'Whether the command, the first option, is one of the arguments, or there is none'
    string match -qr -- '^[^-]' (commandline -opc)[2]
    and return 1
    for word in (commandline -opc)[2..]
        if string match -q -- '-*' $word
            contains -- $word $argv
            return
        end
    end
    not count $argv >/dev/null
end

function __fish_ipvs_ts_subcommand --description 'Whether the first word is the argument, or there is none yet'
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end

function __fish_ipvs_ts_keys --description 'Services of the table or, for the service in the argument, its destinations'
    for rule in (ipvs-ts -Sn 2>/dev/null)
        set -l part (string split ' ' -- $rule)
        set -l key
        switch "$part[2]"
            case -t
                set key tcp:$part[3]
            case -u
                set key udp:$part[3]
            case --sctp-service
                set key sctp:$part[3]
            case -f
                set key fwmark:$part[3]
                string match -q -- -6 "$part[4]"
                and set key fwmark6:$part[3]
        end
        if string match -q -- -A $part[1]; and not count $argv >/dev/null
            echo $key
        else if string match -q -- -a $part[1]; and test "$argv[1]" = "$key"
            string replace -r '.* -r (\S+) .*' '$1' -- $rule
        end
    end
end

function __fish_ipvs_ts_agent_keys --description 'Services of the agent or, for the service in the argument, its destinations'
    set -l service
    for line in (ipvs-ts status --json 2>/dev/null)
        if set -l key (string match -r '"service": "([^"]*)"' -- $line)
            set service $key[2]
            not count $argv >/dev/null
            and echo $service
        else if set -l key (string match -r '"destination": "([^"]*)"' -- $line)
            test "$argv[1]" = "$service"
            and echo $key[2]
        end
    end
end

function __fish_ipvs_ts_keys_next --description 'Services or, behind one, its destinations'
    __fish_ipvs_ts_keys (string match -- '*:*' (commandline -opc)[3..])[1]
end

function __fish_ipvs_ts_agent_keys_next --description 'Services or, behind one, its destinations'
    __fish_ipvs_ts_agent_keys (string match -- '*:*' (commandline -opc)[3..])[1]
end

complete -c ipvs-ts -f
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a agent -d 'keep the table true to a document: health checks, maintenance, drift'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -a 'reload accept'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -s f -l file -r -F -d 'the document; /etc/ipvs-ts/director.yaml by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -l runtime-dir -x -d 'for what lives as long as the table: the ledger, verdicts, the socket; /run/ipvs-ts by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -l state-dir -x -d 'for what survives a reboot: maintenance; /var/lib/ipvs-ts by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -l socket -x -d 'where the agent answers requests: agent.sock in the runtime directory by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -l netns -x -d 'keep the table of this network namespace, such as /run/netns/blue; checks run in the agent\'s own'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -l observe -d 'check and report, and change nothing'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -l check -d 'show the mistakes of FILE, or what would be changed, and end'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -l json -d 'with --check, reload and accept: print JSON'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand agent' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a apply -d 'apply FILE with as few changes as possible'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -s f -l file -r -F -d 'read FILE, JSON or YAML; - is standard input'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -l from-rules -d 'FILE holds rules as ipvsadm -S writes them; names are looked up'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -l prune -x -a 'destinations none all' -d 'what to remove if FILE does not list it; destinations of the services in FILE by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -l keep-weights -d 'leave the weights of existing destinations as they are; those of services with a check always are'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -l drain -d 'let destinations that are removed finish their connections first'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -l max-bytes -x -d 'read no FILE longer than BYTES; 67108864 (64 MiB) by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -l json -d 'print JSON'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -s n -l dry-run -d 'show what would be changed, as plan does, and change nothing'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -s y -l yes -d 'remove without asking'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -l force -d 'change it even where a running agent keeps it, which may change it back'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -l socket -x -d 'the socket of the agent, /run/ipvs-ts/agent.sock by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand apply' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a doctor -d 'say why packets do not flow, and what fixes it'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand doctor' -a '(__fish_ipvs_ts_keys)'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand doctor' -l client -x -d 'judge the set-up for this client too, before or after it has failed'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand doctor' -l fix -d 'change the settings of the kernel that are wrong, until the next reboot; other commands are printed only'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand doctor' -l json -d 'print findings as JSON'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand doctor' -l probe -d 'also connect to each destination and service, ask who answers ARP, listen for sync messages'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand doctor' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a drain -d 'remove a destination without dropping connections: set its weight to 0, wait until its connections are gone, delete it'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -a '(__fish_ipvs_ts_keys_next)'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -s t -l timeout -x -d 'stop waiting after TIME (30s, 5m, 1h30m); by default it waits for ever'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -s k -l keep -d 'keep it, with weight 0, instead of deleting it'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -l poll -x -d 'read the counters every TIME; 1s by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -l settle -x -d 'TCP and SCTP: TIME without packets counts as the end of connections that are being opened or closed; 4s by default; with less it may delete too early'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -l grace-udp -x -d 'UDP and firewall marks: TIME without packets counts as the end; 10s by default; with less than 4s it may delete too early'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -l even-last -d 'drain it even if no other destination of the service has weight'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -l force -d 'change it even where a running agent keeps it, which may change it back'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -l socket -x -d 'the socket of the agent, /run/ipvs-ts/agent.sock by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -l json -d 'write a line of JSON to standard output for every reading and for the result'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand drain' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a events -d 'print what happened, a line each: verdicts, changes, documents, drift, maintenance'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand events' -s f -l follow -d 'go on with events as they happen'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand events' -l json -d 'print a line of JSON for every event'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand events' -l socket -x -d 'the socket of the agent, /run/ipvs-ts/agent.sock by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand events' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a explain -d 'say why a service or a destination is in or out of service, and what would change that'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand explain' -a '(__fish_ipvs_ts_agent_keys_next)'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand explain' -l json -d 'print JSON'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand explain' -l socket -x -d 'the socket of the agent, /run/ipvs-ts/agent.sock by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand explain' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a export -d 'print the current table as a document for apply'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand export' -l json -d 'print JSON, as -o json'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand export' -l live -d 'print the kernel\'s weights, also of services that a running agent keeps'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand export' -l socket -x -d 'the socket of the agent, /run/ipvs-ts/agent.sock by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand export' -s o -l output -x -a 'yaml json' -d 'the format, yaml by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand export' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a fleet -d 'show the directors of a fleet, and put documents into force on all of them'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand fleet' -a 'status put diff rollback'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand fleet' -s f -l file -r -F -d 'put, diff: the document; - is standard input'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand fleet' -l store -r -F -d 'the file of a director, which says where the store is'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand fleet' -s y -l yes -d 'put, rollback: do not ask'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand fleet' -l allow-removals -d 'put: even if it removes many destinations, or several services'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand fleet' -l canary -x -d 'put: this director follows it first'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand fleet' -l bake -x -d 'put: how long it must do well on the canary; 60s by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand fleet' -l json -d 'print JSON'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand fleet' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a import -d 'make a document of a configuration of keepalived or ldirectord'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand import' -l from-keepalived -r -F -d 'read keepalived.conf, with the files that it includes'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand import' -l from-ldirectord -r -F -d 'read ldirectord.cf; names of hosts and services are looked up'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand import' -l config-id -x -d 'what lines with @ID are for, as keepalived\'s option; by default the name of this host up to its first dot'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand import' -l strict -d 'print no document where a line was dropped, and exit with 1'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand import' -s q -l quiet -d 'leave out remarks of what is taken over, kept or skipped'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand import' -s o -l output -x -a 'yaml json' -d 'the format, yaml by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand import' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a maintenance -d 'take a destination out of service by hand, bring it back, or list what is out'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -a 'start end list'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -a '(__fish_ipvs_ts_agent_keys_next)'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -l for -x -d 'start: end it by itself after TIME (30m, 2h); by default it goes on until it is ended'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -l why -x -d 'start: the reason, which status and events show'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -l now -d 'start: do not wait for connections'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -l force -d 'start: even if the service is left without a destination, or below its floor'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -l local -d 'start: on this director only, where its documents come from the store of a fleet'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -l json -d 'print JSON: for start, a line for each reading and for the result'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -l socket -x -d 'the socket of the agent, /run/ipvs-ts/agent.sock by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand maintenance' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a plan -d 'show what apply would change, and change nothing'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand plan' -s f -l file -r -F -d 'read FILE, JSON or YAML; - is standard input'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand plan' -l from-rules -d 'FILE holds rules as ipvsadm -S writes them; names are looked up'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand plan' -l prune -x -a 'destinations none all' -d 'what to remove if FILE does not list it; destinations of the services in FILE by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand plan' -l keep-weights -d 'leave the weights of existing destinations as they are; those of services with a check always are'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand plan' -l drain -d 'let destinations that are removed finish their connections first'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand plan' -l max-bytes -x -d 'read no FILE longer than BYTES; 67108864 (64 MiB) by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand plan' -l json -d 'print JSON'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand plan' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a status -d 'show what the agent thinks and does: fitness, the document, and the state of every destination'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand status' -a '(__fish_ipvs_ts_agent_keys)'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand status' -l json -d 'print JSON; its schema is in the package @ipvs-ts/agent, status.schema.json'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand status' -l socket -x -d 'the socket of the agent, /run/ipvs-ts/agent.sock by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand status' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a top -d 'show services and destinations live, with bars for connections and rates'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand top' -a '(__fish_ipvs_ts_keys)'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand top' -s i -l interval -x -d 'read every TIME (500ms, 2s); 1s by default, 100ms at least'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand top' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a validate -d 'check documents and rules, without root and without a kernel'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand validate' -l from-rules -d 'every FILE holds rules; otherwise one whose first line begins with a hyphen does'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand validate' -l max-bytes -x -d 'read no FILE longer than BYTES; 67108864 (64 MiB) by default'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand validate' -l json -d 'print JSON'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand validate' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a version -d 'print the versions of ipvs-ts, Node or Bun, and the kernel'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand version' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a watch -d 'print what is added, removed and edited in the table, a line each, as it happens'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand watch' -a '(__fish_ipvs_ts_keys)'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand watch' -s i -l interval -x -d 'read every TIME (500ms, 5s, 1m); 1s by default, 10ms at least'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand watch' -s c -l count -x -d 'end after N readings; the first one is what others are compared with'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand watch' -l json -d 'write a line of JSON for every change'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand watch' -l samples -d 'with --json: also a line for every reading, with all settings, totals and rates'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand watch' -l verified -d 'read each time until two readings agree'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand watch' -s h -l help -d 'show this text'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand' -a help -d 'explain a command'
complete -c ipvs-ts -n '__fish_ipvs_ts_subcommand help' -a 'agent apply doctor drain events explain export fleet import maintenance plan status top validate version watch'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s A -l add-service -d 'Add a virtual service'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -s t -l tcp-service -x -d 'The virtual service is TCP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -s u -l udp-service -x -d 'The virtual service is UDP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -l sctp-service -x -d 'The virtual service is SCTP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -s f -l fwmark-service -x -d 'The virtual service is what carries this firewall mark'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -s 6 -l ipv6 -d 'The firewall mark is one of IPv6 packets'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -s s -l scheduler -x -a 'rr wrr lc wlc fo ovf lblc lblcr dh sh mh sed nq twos' -d 'How real servers are chosen'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -l pe -x -a 'sip' -d 'Persistence engine'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -s p -l persistent -d 'Send a client to the same real server for so many seconds'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -s M -l netmask -x -d 'Clients that this mask does not tell apart are one in persistence'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -s o -l ops -d 'One-packet scheduling: each datagram is a connection of its own'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -A --add-service' -s b -l sched-flags -x -a 'flag-1 flag-2 flag-3 sh-fallback sh-port mh-fallback mh-port' -d 'Flags of the scheduler, separated by commas'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s E -l edit-service -d 'Change a virtual service'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -s t -l tcp-service -x -d 'The virtual service is TCP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -s u -l udp-service -x -d 'The virtual service is UDP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -l sctp-service -x -d 'The virtual service is SCTP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -s f -l fwmark-service -x -d 'The virtual service is what carries this firewall mark'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -s 6 -l ipv6 -d 'The firewall mark is one of IPv6 packets'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -s s -l scheduler -x -a 'rr wrr lc wlc fo ovf lblc lblcr dh sh mh sed nq twos' -d 'How real servers are chosen'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -l pe -x -a 'sip' -d 'Persistence engine'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -s p -l persistent -d 'Send a client to the same real server for so many seconds'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -s M -l netmask -x -d 'Clients that this mask does not tell apart are one in persistence'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -s o -l ops -d 'One-packet scheduling: each datagram is a connection of its own'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -E --edit-service' -s b -l sched-flags -x -a 'flag-1 flag-2 flag-3 sh-fallback sh-port mh-fallback mh-port' -d 'Flags of the scheduler, separated by commas'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s D -l delete-service -d 'Delete a virtual service with its real servers'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -D --delete-service' -s t -l tcp-service -x -d 'The virtual service is TCP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -D --delete-service' -s u -l udp-service -x -d 'The virtual service is UDP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -D --delete-service' -l sctp-service -x -d 'The virtual service is SCTP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -D --delete-service' -s f -l fwmark-service -x -d 'The virtual service is what carries this firewall mark'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -D --delete-service' -s 6 -l ipv6 -d 'The firewall mark is one of IPv6 packets'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s C -l clear -d 'Delete all virtual services'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s R -l restore -d 'Carry out commands from the standard input, one a line'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s S -l save -d 'Print the commands that make the table'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -S --save' -s n -l numeric -d 'Addresses and ports as numbers'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s a -l add-server -d 'Add a real server to a virtual service'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s t -l tcp-service -x -d 'The virtual service is TCP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s u -l udp-service -x -d 'The virtual service is UDP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -l sctp-service -x -d 'The virtual service is SCTP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s f -l fwmark-service -x -d 'The virtual service is what carries this firewall mark'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s 6 -l ipv6 -d 'The firewall mark is one of IPv6 packets'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s r -l real-server -x -d 'Address of the real server'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s g -l gatewaying -d 'Forward by direct routing'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s i -l ipip -d 'Forward through a tunnel'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s m -l masquerading -d 'Forward by network address translation'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -l tun-type -x -a 'ipip gue gre' -d 'Kind of tunnel'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -l tun-port -x -d 'UDP port of the tunnel, which gue needs'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -l tun-nocsum -d 'No checksums on the outer header'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -l tun-csum -d 'Checksums on the outer header'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -l tun-remcsum -d 'Remote checksum offload, for gue'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s w -l weight -x -d 'Share of the load'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s x -l u-threshold -x -d 'Number of connections from which on there are no new ones'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -a --add-server' -s y -l l-threshold -x -d 'Number of connections below which there are new ones again'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s e -l edit-server -d 'Change a real server'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s t -l tcp-service -x -d 'The virtual service is TCP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s u -l udp-service -x -d 'The virtual service is UDP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -l sctp-service -x -d 'The virtual service is SCTP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s f -l fwmark-service -x -d 'The virtual service is what carries this firewall mark'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s 6 -l ipv6 -d 'The firewall mark is one of IPv6 packets'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s r -l real-server -x -d 'Address of the real server'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s g -l gatewaying -d 'Forward by direct routing'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s i -l ipip -d 'Forward through a tunnel'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s m -l masquerading -d 'Forward by network address translation'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -l tun-type -x -a 'ipip gue gre' -d 'Kind of tunnel'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -l tun-port -x -d 'UDP port of the tunnel, which gue needs'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -l tun-nocsum -d 'No checksums on the outer header'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -l tun-csum -d 'Checksums on the outer header'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -l tun-remcsum -d 'Remote checksum offload, for gue'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s w -l weight -x -d 'Share of the load'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s x -l u-threshold -x -d 'Number of connections from which on there are no new ones'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -e --edit-server' -s y -l l-threshold -x -d 'Number of connections below which there are new ones again'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s d -l delete-server -d 'Delete a real server from a virtual service'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -d --delete-server' -s t -l tcp-service -x -d 'The virtual service is TCP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -d --delete-server' -s u -l udp-service -x -d 'The virtual service is UDP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -d --delete-server' -l sctp-service -x -d 'The virtual service is SCTP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -d --delete-server' -s f -l fwmark-service -x -d 'The virtual service is what carries this firewall mark'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -d --delete-server' -s 6 -l ipv6 -d 'The firewall mark is one of IPv6 packets'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -d --delete-server' -s r -l real-server -x -d 'Address of the real server'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s L -s l -l list -d 'Show the table, or what else an option names'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -s t -l tcp-service -x -d 'The virtual service is TCP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -s u -l udp-service -x -d 'The virtual service is UDP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l sctp-service -x -d 'The virtual service is SCTP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -s f -l fwmark-service -x -d 'The virtual service is what carries this firewall mark'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -s 6 -l ipv6 -d 'The firewall mark is one of IPv6 packets'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -s c -l connection -d 'Show connections'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l timeout -d 'Show the timeouts of connections'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l daemon -d 'Show sync daemons'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l stats -d 'Show totals of connections, packets and bytes'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l rate -d 'Show connections, packets and bytes a second'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -s X -l exact -d 'Show large numbers in full'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l thresholds -d 'Show the thresholds of real servers'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l persistent-conn -d 'Show counts of persistent connections, and the data of persistence engines'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l tun-info -d 'Show the tunnels of real servers'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l nosort -d 'Show entries in the kernel\'s own order'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l sort -d 'Nothing: sorted is the default'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -s n -l numeric -d 'Addresses and ports as numbers'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -L -l --list' -l syncid -x -d 'Number that master and backup share, from 0 to 255'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s Z -l zero -d 'Set the counters of a virtual service, or of all, to zero'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -Z --zero' -s t -l tcp-service -x -d 'The virtual service is TCP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -Z --zero' -s u -l udp-service -x -d 'The virtual service is UDP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -Z --zero' -l sctp-service -x -d 'The virtual service is SCTP at this address and port'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -Z --zero' -s f -l fwmark-service -x -d 'The virtual service is what carries this firewall mark'
complete -c ipvs-ts -n '__fish_ipvs_ts_command -Z --zero' -s 6 -l ipv6 -d 'The firewall mark is one of IPv6 packets'
complete -c ipvs-ts -n __fish_ipvs_ts_command -l set -d 'Set the timeouts of TCP connections, of closing ones, and of UDP, in seconds'
complete -c ipvs-ts -n __fish_ipvs_ts_command -l start-daemon -x -a 'master backup' -d 'Start a connection sync daemon, master or backup'
complete -c ipvs-ts -n '__fish_ipvs_ts_command --start-daemon' -l syncid -x -d 'Number that master and backup share, from 0 to 255'
complete -c ipvs-ts -n '__fish_ipvs_ts_command --start-daemon' -l sync-maxlen -x -d 'Longest sync message in bytes, from 1 to 65507'
complete -c ipvs-ts -n '__fish_ipvs_ts_command --start-daemon' -l mcast-interface -x -a '(__fish_print_interfaces)' -d 'Interface of sync messages'
complete -c ipvs-ts -n '__fish_ipvs_ts_command --start-daemon' -l mcast-group -x -d 'Multicast group of sync messages'
complete -c ipvs-ts -n '__fish_ipvs_ts_command --start-daemon' -l mcast-port -x -d 'UDP port of sync messages'
complete -c ipvs-ts -n '__fish_ipvs_ts_command --start-daemon' -l mcast-ttl -x -d 'Time to live of sync messages'
complete -c ipvs-ts -n __fish_ipvs_ts_command -l stop-daemon -x -a 'master backup' -d 'Stop a connection sync daemon, master or backup'
complete -c ipvs-ts -n '__fish_ipvs_ts_command --stop-daemon' -l syncid -x -d 'Number that master and backup share, from 0 to 255'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s h -l help -d 'Print a summary of commands and options'
complete -c ipvs-ts -n __fish_ipvs_ts_command -s v -l version -d 'Print the version'
