-- What a sender called the file: for people to read, and gone with the row.
ALTER TABLE imaging.images ADD file_name nvarchar(255) NULL;
