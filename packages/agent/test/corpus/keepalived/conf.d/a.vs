virtual_server 192.0.2.181 80 {
  protocol TCP
  include common.inc
}
