export { templateVariables } from '../../../template/template-variables.ts';
