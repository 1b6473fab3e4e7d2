// Addresses, networks and hardware addresses, and the filters and tests of ansible.utils for them.
export { networkFilters } from './filters.ts';
export { networkTests } from './tests.ts';
