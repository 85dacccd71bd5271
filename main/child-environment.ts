/** Environment that llama.cpp and its GPU drivers may need; everything else (keys, tokens) stays out of a process that runs native code. */
const passedOn =
  /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|USERPROFILE|LOCALAPPDATA|APPDATA|PROGRAMDATA|PROGRAMFILES.*|LD_LIBRARY_PATH|DYLD_.*|XDG_RUNTIME_DIR|CUDA_.*|NVIDIA_.*|HIP_.*|ROCR_.*|HSA_.*|VK_.*|MESA_.*|GGML_.*|OMP_.*|NODE_LLAMA_CPP_.*)$/i;

export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => passedOn.test(key)));
}
