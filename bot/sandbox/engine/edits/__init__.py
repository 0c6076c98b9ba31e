"""Operations on pixels."""
