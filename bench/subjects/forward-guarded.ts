/** The same with what people put in front: rules of hosts, ports, and the guard. */
import { allow, deny, firstOf, forward } from 'turnabout';

const policy = firstOf(
	deny({ hosts: ['*.ads.example', 'tracker.example.net'] }),
	allow({ hosts: ['*.example.org', 'registry.npmjs.org'], ports: [443] }),
	allow({ hosts: ['127.0.0.0/8'] }),
);

// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default forward({ policy, ports: null, allowPrivate: ['loopback'] });
