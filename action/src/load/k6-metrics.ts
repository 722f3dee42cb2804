/** The metrics that k6 writes of a script that asks for none of its own. */
export const K6_METRICS = [
  ...['http_reqs', 'http_req_duration', 'http_req_failed', 'http_req_blocked', 'http_req_connecting'],
  ...['http_req_tls_handshaking', 'http_req_sending', 'http_req_waiting', 'http_req_receiving'],
  ...['iterations', 'iteration_duration', 'dropped_iterations', 'group_duration', 'checks'],
  ...['data_sent', 'data_received', 'vus', 'vus_max'],
];
