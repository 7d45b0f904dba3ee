export { authorityCertificate, type Issuer, pem, serverCertificate, type Validity } from './certificate.ts';
export { distinguishedName, subjectOf, time } from './der.ts';
