protocol TCP
lvs_sched rr
real_server 10.0.0.11 80 {
    TCP_CHECK {
    }
}
