/** A forward proxy that lets everybody go anywhere: no policy, no ports, no guard. */
import { forward } from 'turnabout';

// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default forward({ ports: null, guard: () => true });
