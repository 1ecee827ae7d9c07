/** How passwords of stations are stored, for whoever fills a database without asking the service: benchmarks and imports. */
export { hashPassword, type HashCost } from './admit-station/password-hash.js';
export { admissionKey, verifierFor, verifierName, type VerifiedPassword } from './admit-station/verifier.js';
