/** The shells that can be told. */
export const shells = ["bash", "zsh", "fish"] as const;

/** One of them. */
export type Shell = (typeof shells)[number];

/** What a shell has to read so that it asks `foedus completion words`. */
export const scripts: Readonly<Record<Shell, string>> = {
  bash: `# foedus completion for bash: source <(foedus completion bash)
_foedus() {
  local words
  words=$("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _foedus foedus
`,
  zsh: `# foedus completion for zsh: source <(foedus completion zsh)
_foedus() {
  local -a found
  found=("\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "\${found[1]}" ]] && compadd -a found || _files
}
compdef _foedus foedus
`,
  fish: `# foedus completion for fish: foedus completion fish | source
function __foedus_words
  set -l words (commandline -opc) (commandline -ct)
  set -l found (command $words[1] completion words -- $words[2..-1] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c foedus -f -a '(__foedus_words)'
`,
};

/** The line that turns it on for good. */
export const installLines: Readonly<Record<Shell, string>> = {
  bash: "echo 'source <(foedus completion bash)' >> ~/.bashrc",
  zsh: "echo 'source <(foedus completion zsh)' >> ~/.zshrc",
  fish: "echo 'foedus completion fish | source' >> ~/.config/fish/config.fish",
};
