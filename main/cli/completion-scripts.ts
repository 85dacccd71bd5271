/*
 * Each asks the hidden command "airdock __complete" with the words up to the cursor, and gets a candidate per line, with a tab and what
 * it is. Names of models hold colons, which bash takes as the end of a word and zsh as the beginning of a description.
 */

const bash = `_airdock() {
  local line=\${COMP_LINE:0:COMP_POINT} words cur prefix item
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  cur=\${words[\${#words[@]}-1]}
  COMPREPLY=()
  if [[ \${#words[@]} -gt 2 && \${words[\${#words[@]}-2]} == --data-dir ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -d -- "$cur")
    return
  fi
  if [[ \${words[1]} == recommend && \${#words[@]} -gt 2 && $cur != -* && \${words[\${#words[@]}-2]} != --task ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    return
  fi
  prefix=
  [[ $COMP_WORDBREAKS == *:* ]] && prefix=\${cur%"\${cur##*:}"}
  while IFS=$'\\t' read -r item _; do
    COMPREPLY+=("\${item#"$prefix"}")
  done < <(airdock __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _airdock airdock
`;

const zsh = `#compdef airdock
_airdock() {
  local -a lines found
  if [[ \${words[CURRENT-1]} == --data-dir ]]; then
    _files -/
    return
  fi
  if [[ \${words[2]} == recommend && $CURRENT -gt 2 && \${words[CURRENT]} != -* && \${words[CURRENT-1]} != --task ]]; then
    _files
    return
  fi
  lines=("\${(@f)$(airdock __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  local line
  for line in $lines; do
    [[ -n $line ]] || continue
    # What has no explanation would explain itself by its own name.
    if [[ $line == *$'\\t'* ]]; then
      found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    else
      found+=("\${line//:/\\\\:}")
    fi
  done
  _describe airdock found
}
compdef _airdock airdock
`;

const fish = `function __airdock_complete
  set -l words (commandline -opc)
  set -e words[1]
  set -l current (commandline -ct)
  airdock __complete -- $words "$current" 2>/dev/null
end
complete -c airdock -f
complete -c airdock -l data-dir -r -a '(__fish_complete_directories)'
complete -c airdock -n '__fish_seen_subcommand_from recommend' -F
complete -c airdock -a '(__airdock_complete)'
`;

export const completionScripts: Readonly<Record<string, string>> = { bash, zsh, fish };
