"""What the reference implementations of SentencePiece and of Marian's tokenizer give, for make.py and compare.py."""


def segment(model, text):
    """Pieces of the C++ implementation, with spans in bytes.

    Where one character becomes several pieces or bytes, the C++ implementation gives it to the last; mujaz to each.
    """
    pieces = model.encode(text, return_type="proto").pieces
    normalized, origins = model.normalize(text, with_offsets=True)
    prefix = model.normalize("a").index("a")
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + len(character.encode()))
    texts, spans, at, n = [], [], 0, 0
    while n < len(pieces):
        tokens, piece = 1, pieces[n].piece
        if model.is_byte(pieces[n].id):
            piece = normalized[at]
            tokens = len(piece.encode())
        at += len(piece)
        end = pieces[n + tokens - 1].end
        if prefix < at < len(normalized) and origins[at] == origins[at - 1]:
            end = offsets[next((origin for origin in origins[at:] if origin != origins[at]), len(text))]
        texts += [piece] * tokens
        spans += [[pieces[n].begin, end]] * tokens
        n += tokens
    ids = [piece.id for piece in pieces]
    return {"ids": ids, "pieces": texts, "spans": spans, "decoded": model.decode(ids)}


def marian(tokenizer, text):
    """Ids of MarianTokenizer for a text in which nothing is a control token, and what they decode to.

    The names of control tokens in a text are text to mujaz: it never cuts off `>>code<<`, and a run of unknown
    characters that happens to spell a control token is unknown.
    """
    control = {*tokenizer.all_special_tokens, *tokenizer.supported_language_codes}
    pieces = tokenizer.spm_source.encode(text, return_type=str)
    plain = [tokenizer.unk_token if piece in control else piece for piece in pieces]
    ids = tokenizer.convert_tokens_to_ids(plain) + [tokenizer.eos_token_id]
    if not text.startswith(">>") and plain == pieces:
        assert ids == tokenizer(text, split_special_tokens=True).input_ids, text
    return {"ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=True)}
