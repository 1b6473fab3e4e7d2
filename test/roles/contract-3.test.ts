import { describeContract } from './contract.ts';

await describeContract(3);
