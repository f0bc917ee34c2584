virtual_server 192.0.2.182 80 {
  protocol UDP
  include common.inc
  bogus word
}
